// Font Awesome swaps <i> for <svg>; the Play widget then throws and takes the links of its slider with it.
if (window.FontAwesome && window.FontAwesome.config) {
  window.FontAwesome.config.observeMutations = false; // theme 1.1: Font Awesome has run already
} else {
  window.FontAwesomeConfig = { observeMutations: false }; // theme 1.3: Font Awesome is deferred
}

// Widgets typeset labels through MathJax 2's queue; the book loads MathJax 3.
document.addEventListener("DOMContentLoaded", () => {
  const mathjax = window.MathJax;
  if (mathjax && !mathjax.Hub) {
    mathjax.Hub = {
      Queue: (call) => mathjax.startup.promise.then(() => mathjax.typesetPromise([call[2]])),
    };
  }
});
