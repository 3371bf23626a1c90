"""What the scripts of the room say: written here, where it is translated. %(name)s is filled in by them."""

from django.utils.translation import gettext as _


def of(*, host: str, other: str) -> dict[str, str]:
    return _devices() | _door(host, other) | _call() | _controls()


def _devices() -> dict[str, str]:
    return {
        "asking": _("Your browser asks whether Bridge may use camera and microphone. Nobody sees or hears you yet."),
        "ready": _("Camera and microphone work. Nobody sees or hears you before you enter."),
        "refused": _(
            "Camera and microphone are not allowed here. Allow them beside the address of this page and press "
            "“Try again”, or enter without."
        ),
        "cameraRefused": _("The camera is not allowed here. Allow it beside the address, or join without camera."),
        "noCamera": _("No camera was found. You can join without one: you will be heard, and see the others."),
        "noMicrophone": _("No microphone was found. You can enter and use the chat: you will see and hear the others."),
        "noDevices": _("No camera and no microphone were found. You can enter: you will see and hear, and can write."),
        "busy": _("Another program uses the camera or the microphone. Close it and press “Try again”."),
        "insecure": _("This page is not opened by https, so the browser gives it no camera and no microphone."),
        "noWebrtc": _("This browser cannot make video calls. Please open this page in a current browser."),
        "camera": _("Camera %(number)s"),
        "microphone": _("Microphone %(number)s"),
        "speaker": _("Speaker %(number)s"),
    }


def _door(host: str, other: str) -> dict[str, str]:
    named = {"host": host, "other": other}
    return {
        "waitingForHost": _("%(host)s is not here yet. Stay on this page: you will be let in.") % named,
        "waiting": _("%(host)s knows that you are here and will let you in.") % named,
        "waitingFull": _("The room is full: it holds four people. You can come in when somebody leaves."),
        "refusedEntry": _("%(host)s has not let you in.") % named,
        "asksToEnter": _("%(name)s would like to come in."),
        "entering": _("Entering the room …"),
        "closed": _("This room is closed."),
        "reload": _("Something went wrong. Please reload the page."),
        "noBridge": _("Bridge cannot be reached at the moment. We keep trying; a call that is running goes on."),
        "left": _("You have left the room."),
    }


def _call() -> dict[str, str]:
    return {
        "alone": _("You are in the room. Nobody else is here yet."),
        "connecting": _("Connecting with %(name)s …"),
        "connected": _("Connected with %(name)s."),
        "connectedAll": _("Connected with %(count)s people."),
        "broken": _("The connection with %(name)s broke. Trying again …"),
        "impossible": _("No connection with %(name)s is possible from this network."),
        "gone": _("%(name)s has left."),
        "came": _("%(name)s is here."),
        "tileConnecting": _("connecting …"),
        "tileBroken": _("connection broke, trying again …"),
        "tileImpossible": _("no connection possible"),
        "you": _("%(name)s (you)"),
        "host": _("%(name)s (host)"),
        "muted": _("microphone off"),
        "cameraOff": _("camera off"),
        "shares": _("shares the screen"),
        "says": _("%(name)s:"),
        "chatTooLong": _("This is too long for one line."),
        "newMessage": _("New message from %(name)s"),
    }


def _controls() -> dict[str, str]:
    return {
        "mute": _("Mute"),
        "unmute": _("Unmute"),
        "cameraStop": _("Camera off"),
        "cameraStart": _("Camera on"),
        "share": _("Share"),
        "shareStop": _("Stop sharing"),
        "shareRefused": _("The screen is not shared."),
        "mutedNow": _("Your microphone is off."),
        "unmutedNow": _("Your microphone is on."),
        "cameraOffNow": _("Your camera is off."),
        "cameraOnNow": _("Your camera is on."),
        "sharedNow": _("The others see your screen."),
        "sharedNoMore": _("Your screen is no longer shared."),
        "noCameraNow": _("The camera could not be switched on."),
        "noMicrophoneNow": _("The microphone could not be switched on."),
    }
