// A picture that is wider than the screen begins with today in view.
for (const box of document.querySelectorAll(".line-scroll")) {
  const today = box.querySelector(".lt-today");
  if (!today) continue;
  const { left, width } = box.getBoundingClientRect();
  box.scrollLeft += today.getBoundingClientRect().left - left - width * 0.7;
}
