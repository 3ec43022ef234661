/** The languages of the names that the documents use, as the catalog of names writes them. */
export const LANGUAGES = ['en', 'ko', 'zh-TW'] as const;
export type Language = (typeof LANGUAGES)[number];
