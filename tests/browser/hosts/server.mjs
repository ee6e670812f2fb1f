// Sites of regions, as they are: pages that show widgets, served from an origin of their own.
//
// Each `.html` beside this file is one kind of site. `{pendopo}` in it stands for Pendopo's origin and
// `{other}` for a second host of this server; a `.headers.json` of the same name adds headers. Any
// `*.localhost` leads here, so one server is as many sites as a test wants.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = dirname(fileURLToPath(import.meta.url));
const MEDIA = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript" };

/** Starts the server; `pendopo` gives Pendopo's origin once it is known. */
export async function openHosts(pendopo) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://host").pathname;
    const file = join(FOLDER, path.replace(/[^\w./-]|\.\./g, ""));
    const media = MEDIA[extname(file)];
    if (path === "/favicon.ico") return response.writeHead(204).end();
    if (!media || !existsSync(file)) return response.writeHead(404).end();
    const fill = (text) => text.replaceAll("{pendopo}", pendopo());
    const headers = `${file.replace(/\.html$/, "")}.headers.json`;
    const more = existsSync(headers) ? JSON.parse(fill(readFileSync(headers, "utf8"))) : {};
    response.writeHead(200, { "content-type": media, ...more }).end(fill(readFileSync(file, "utf8")));
  });
  await new Promise((ready, failed) => server.once("error", failed).listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  return {
    port,
    /** A site of that name. */
    site: (name) => `http://${name}.localhost:${port}`,
    close: () => new Promise((closed) => (server.close(closed), server.closeAllConnections())),
  };
}
