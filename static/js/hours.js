// Adds and takes away lines of the hours editor at once. Without scripts the same buttons ask the server for it.
const lines = (box) => box.querySelectorAll("li.hours");

const add = (box) => {
  box.querySelector("[data-list]").append(box.querySelector("template").content.cloneNode(true));
  [...lines(box)].at(-1).querySelector("input").focus();
};

const remove = (box, button) => {
  button.closest("li").remove();
  box.querySelector("[data-add]").focus();
};

for (const box of document.querySelectorAll("[data-lines]")) {
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add], [data-remove]");
    if (!button) return;
    event.preventDefault();
    if ("add" in button.dataset) add(box);
    else remove(box, button);
  });
}
