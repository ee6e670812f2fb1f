# Pendopo. Every target installs what it lacks and says so: see .ci/tools.
#
#   make run     build everything, start a demonstration city and a front door to it
#   make test    all checks, natively and in a browser
#   make dist    the files to be served, in dist/, and the program that serves them
#   make clean   remove what was built
#
#   make chaos N=500 SEED=7            applications in a real browser, killed and cut off at random moments
#   make simulation N=100000           the same natively: engine, ledger and offices, by seed
#   make load                          wrk on the front door, alone and as nginx before two; a weak system behind it
#   make scale                         publish over all 514 regencies and cities, a third of them down
#   make lighthouse                    accessibility and best practices, as Lighthouse sees them

.PHONY: run test dist clean chaos simulation load scale lighthouse

run: dist
	@node tests/demo/run.mjs

test:
	@.ci/test

dist:
	@.ci/dist

clean:
	rm -rf target dist .run tests/browser/node_modules tests/browser/test-results tests/browser/screenshots

chaos: dist
	@N=$(or $(N),500) SEED=$(SEED) node tests/chaos/run.mjs

simulation:
	@PENDOPO_APPLICATIONS=$(or $(N),100000) cargo test --release --locked --test simulation -- --nocapture

target/release/pendopo:
	@cargo build --release --locked --bin pendopo

load: target/release/pendopo
	@command -v wrk >/dev/null || { echo 'make load needs wrk: apt-get install wrk' >&2; exit 1; }
	@node tests/load/run.mjs

scale: target/release/pendopo
	@node tests/scale/run.mjs

lighthouse: dist
	@node tests/browser/lighthouse.mjs
