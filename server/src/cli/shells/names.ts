// The shells for which `cmtopo completion` has a script, and what each is called where it is told of.
export const SHELLS = {
  bash: 'Bash',
  zsh: 'Zsh',
  fish: 'fish',
  powershell: 'PowerShell',
} as const;

export type Shell = keyof typeof SHELLS;
