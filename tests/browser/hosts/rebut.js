// A layout that never agrees with its own content: what is tall is made wide, what is low is made
// narrow, so that each height that the widget asks for brings about another one.
const place = document.getElementById("wadah");
window.heights = [];
place.addEventListener("pendopo:height", ({ detail }) => {
  window.heights.push({ at: performance.now(), height: detail.height });
  place.style.width = place.style.width === "340px" ? "250px" : "340px";
});
