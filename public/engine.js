// The engine's worker: the same program as the page's, which sees that it has no window here and
// loads its engine part (src/main.rs). Where that fails, the page hears of it as of any death.
import init from "./app.js";

// A page may be left before its engine listens; then nothing is under way yet.
onmessage = ({ data }) => {
  if (data === null) close();
};

await init();
