# Pendopo. Every target installs what it lacks and says so: see .ci/tools.
#
#   make run     build everything, start a demonstration city and a front door to it
#   make test    all checks, natively and in a browser
#   make dist    the files to be served, in dist/, and the program that serves them
#   make clean   remove what was built

.PHONY: run test dist clean

run: dist
	@node tests/demo/run.mjs

test:
	@.ci/test

dist:
	@.ci/dist

clean:
	rm -rf target dist .run tests/browser/node_modules tests/browser/test-results tests/browser/screenshots
