/** A path as a word that can be pasted behind a command, on the shell of the platform. */
export const shellWord = (path: string, platform: NodeJS.Platform = process.platform): string => {
  if (/^[\w@%+=:,./\\-]+$/.test(path) && (platform === 'win32' || !path.includes('\\'))) return path
  return platform === 'win32' ? `"${path}"` : `'${path.replaceAll("'", "'\\''")}'`
}
