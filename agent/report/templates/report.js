function show() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const details = target.closest("details");
  if (details) details.open = true;
  document.querySelectorAll("mark.hit").forEach((mark) => mark.classList.remove("hit"));
  const mark = target.closest("mark");
  if (mark) mark.classList.add("hit");
  target.scrollIntoView({ block: "center" });
}
addEventListener("hashchange", show);
addEventListener("DOMContentLoaded", show);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link && link.hash === location.hash) show();
});
