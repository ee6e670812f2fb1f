// Runs only where a browser does not know modules: the page says so itself.
(function () {
  var notice = document.getElementById("tidak-mulai");
  if (!notice) return;
  notice.hidden = false;
  notice.querySelector("[data-sebab=peramban]").hidden = false;
})();
