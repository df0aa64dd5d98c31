// Everything a page does without a kernel: explorers, films, filters of the results page, boxes that scroll.

// ipywidgets that stay widgets typeset their labels through MathJax 2's queue; the book loads MathJax 3.
function offerMathjaxQueue() {
  const mathjax = window.MathJax;
  if (mathjax && mathjax.startup && !mathjax.Hub) {
    mathjax.Hub = {
      Queue: (call) => mathjax.startup.promise.then(() => mathjax.typesetPromise([call[2]])),
    };
  }
}

// One picture at a time: a slider, a play button, and for grids a list of rows.
function startExplorer(figure) {
  const facts = JSON.parse(figure.dataset.facts);
  const picture = figure.querySelector("img");
  const small = figure.querySelector("source"); // the layout for narrow screens
  const slider = figure.querySelector("input");
  const shown = figure.querySelector("output");
  const rows = figure.querySelector("select");
  const play = figure.querySelector("button");
  let timer = null;

  function show() {
    const row = rows ? rows.selectedIndex : 0;
    const label = facts.labels[slider.value];
    picture.src = facts.rows[row][slider.value];
    if (small) {
      small.srcset = facts.small[row][slider.value];
    }
    picture.alt = [facts.choices[row], `${facts.name}: ${label}`].filter(Boolean).join(", ");
    slider.setAttribute("aria-valuetext", label);
    shown.value = label;
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "play";
  }

  function step() {
    if (Number(slider.value) >= facts.labels.length - 1) {
      stop();
    } else {
      slider.value = Number(slider.value) + 1;
      show();
    }
  }

  play.addEventListener("click", () => {
    if (timer !== null) {
      stop();
      return;
    }
    if (Number(slider.value) >= facts.labels.length - 1) {
      slider.value = 0;
      show();
    }
    play.textContent = "stop";
    timer = setInterval(step, facts.interval);
  });
  slider.addEventListener("input", () => {
    stop();
    show();
  });
  if (rows) {
    rows.addEventListener("change", show);
  }
  slider.value = 0;
  figure.querySelector(".qb-controls").hidden = false;
}

// A film is a still picture until someone starts it, and again when someone stops it.
function startFilm(figure) {
  const picture = figure.querySelector("img");
  const button = figure.querySelector("button");
  const still = picture.getAttribute("src");
  button.addEventListener("click", () => {
    const moving = picture.getAttribute("src") !== still;
    picture.setAttribute("src", moving ? still : figure.dataset.film);
    button.textContent = moving ? "play the film" : "stop the film";
  });
  figure.querySelector(".qb-controls").hidden = false;
}

// Rows of the results list that agree with every filter, a page of them at a time.
const PAGE = 40;

function startFilter(form) {
  const rows = [...form.parentElement.querySelectorAll("tbody tr")];
  const more = form.parentElement.querySelector(".qb-more");
  let limit = PAGE;

  function filter() {
    const wanted = Object.fromEntries(new FormData(form));
    const words = wanted.words.toLowerCase();
    let count = 0;
    for (const row of rows) {
      const agrees = ["chapter", "kind", "verdict", "data"].every((key) => !wanted[key] || row.dataset[key] === wanted[key]);
      const fits = agrees && row.textContent.toLowerCase().includes(words);
      count += fits ? 1 : 0;
      row.hidden = !fits || count > limit;
    }
    form.querySelector("output").value = `${count} of ${rows.length} claims`;
    more.hidden = count <= limit;
  }

  form.addEventListener("input", () => {
    limit = PAGE;
    filter();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", () => {
    limit += PAGE;
    filter();
  });
  window.addEventListener("beforeprint", () => {
    limit = rows.length;
    filter();
  });
  form.hidden = false;
  const target = rows.find((row) => `#${row.id}` === decodeURIComponent(location.hash));
  limit = target ? rows.length : PAGE;
  filter();
  if (target) {
    target.scrollIntoView();
  }
}

// Boxes that scroll sideways can be reached and named by keyboard and screen reader.
const BOXES = "table.dataframe, .pst-scrollable-table-container, .qb-scroll, .cell_output, .cell_output > .output, " +
  "div.math, pre, " +
  "mjx-container[display='true'], .table-wrapper";

function markScrolling() {
  for (const box of document.querySelectorAll(BOXES)) {
    const scrolls = box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "visible";
    box.classList.toggle("qb-scrolls", scrolls);
    if (scrolls && !box.hasAttribute("tabindex")) {
      box.tabIndex = 0;
      if (!["PRE", "TABLE"].includes(box.tagName) && !box.hasAttribute("role")) {
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", "scrolls sideways");
      }
    }
  }
}

// Names for parts of the theme that have none, or one that differs from what is written on them.
function nameThemeParts() {
  for (const button of document.querySelectorAll("button.search-button__button[aria-label]")) {
    button.setAttribute("aria-label", "Search");
  }
}

document.addEventListener("DOMContentLoaded", () => {
  offerMathjaxQueue();
  document.querySelectorAll(".qb-explorer").forEach(startExplorer);
  document.querySelectorAll(".qb-film").forEach(startFilm);
  document.querySelectorAll(".qb-filter").forEach(startFilter);
  nameThemeParts();
  markScrolling();
  window.addEventListener("resize", markScrolling);
  window.addEventListener("load", () => {
    markScrolling();
    if (window.MathJax && window.MathJax.startup) {
      offerMathjaxQueue();
      window.MathJax.startup.promise.then(markScrolling);
    }
  });
});
