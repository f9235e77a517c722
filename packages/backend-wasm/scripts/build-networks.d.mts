/** The text of assembly/eight-rows.ts. */
export const renderEightRows: () => string
