// Asks axe once about text of one colour and size on one ground: page after page has the same. `fine` is what it found
// readable before. What lies over something else than its parents is asked about each time.
(fine) => {
  const NOTHING = "rgba(0, 0, 0, 0) none 1";
  const rule = axe._audit.rules.find(({ id }) => id === "color-contrast");
  const check = axe._audit.checks["color-contrast"];
  const { matches } = rule;
  const { evaluate } = check;
  const grounds = new Map([[null, ""]]);
  const readable = new Set(fine);

  const ground = (element) => {
    if (!grounds.has(element)) grounds.set(element, ground(element.parentElement) + own(element));
    return grounds.get(element);
  };
  const own = (element) => {
    const { position, backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
    const paint = `${backgroundColor} ${backgroundImage} ${opacity}`;
    return (paint === NOTHING ? "" : `, ${paint}`) + (/static|relative/.test(position) ? "" : ", over");
  };
  const look = (element) => {
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
    return `${color} ${fontSize} ${fontWeight} ${textShadow} on ${ground(element)}`;
  };

  rule.matches = (element, ...rest) => !readable.has(look(element)) && matches.call(rule, element, ...rest);
  check.evaluate = function (element, ...rest) {
    const answer = evaluate.call(this, element, ...rest);
    const seen = look(element);
    if (answer === true && !seen.endsWith("over") && axe.commons.dom.isVisibleOnScreen(element)) readable.add(seen);
    return answer;
  };
  axe.asked = async (questions) => {
    grounds.clear();
  };
};
