// Tells the server the visitor's time zone. All of it is an extra: without scripts the page guesses, says which zone it shows, and can be changed.
//
// 1. Keeps the zone in the cookie "time_zone", so that the next page knows it from the start.
// 2. Fills an empty field: <form data-time-zone><input name="time_zone"></form>
// 3. Asks again, once, for a page that had to guess: <p data-time-zone-guess="Europe/Berlin" data-time-zone-url="?month=2026-03&amp;time_zone=">
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (zone) {
  document.cookie = `time_zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;

  for (const field of document.querySelectorAll("[data-time-zone] [name=time_zone]")) if (!field.value) field.value = zone;

  const guess = document.querySelector("[data-time-zone-guess]");
  if (guess && guess.dataset.timeZoneGuess !== zone) location.replace(guess.dataset.timeZoneUrl + encodeURIComponent(zone));
}
