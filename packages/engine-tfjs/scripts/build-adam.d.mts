/** Where it is written. */
export const adamFile: string
/** The text of its file. */
export const renderAdamModule: () => Promise<string>
