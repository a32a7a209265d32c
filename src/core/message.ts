/** One thing a person sent, whatever the platform: typed text or a pressed button. */
export interface Message {
  /** The platform's id of this delivery; the same id is answered once. */
  readonly id: string;
  /** `platform:place:person`: two people in one thread never share findings. */
  readonly conversation: string;
  /** What was typed, unescaped; empty when only a button was pressed. Never logged nor stored. */
  readonly text: string;
  /** The id of a pressed choice, as given in a `choices` part. Commands of a channel are choices too: `check`, `cause`, `topic:core`. */
  readonly choice?: string;
}
