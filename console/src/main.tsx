import "@fontsource-variable/noto-sans-sc/wght.css";
import "./theme/tokens.css";
import "./theme/base.css";
import "./theme/wall.css";
import "./theme/panels.css";
import "./theme/narrow.css";
import { render } from "preact";
import { startSound } from "./alarms/sound";
import { openSession } from "./session";
import { WallPage } from "./wall";

openSession();
startSound();
render(<WallPage />, document.getElementById("wall")!);
