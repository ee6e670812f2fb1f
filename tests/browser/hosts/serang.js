// What a hostile page, or a frame beside the widget, may try.
window.events = [];
for (const type of ["ready", "height", "step", "submitted", "delivered", "error"]) {
  addEventListener(`pendopo:${type}`, ({ detail }) => window.events.push([type, detail]));
}
