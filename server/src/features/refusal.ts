/** Why something cannot be renamed, in one sentence for a person. */
export interface Refusal {
  readonly problem: string;
}
