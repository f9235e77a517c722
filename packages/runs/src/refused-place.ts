/** What to do where the operating system takes no directory. */

/** The system's words, or ours where they mislead, and the next step. */
export interface RefusedPlace {
  readonly why: string
  readonly remedy: string
}

const elsewhere = 'Name a directory that can be written, on a disk with free space.'

/** @param reason as the system says it, its code first: `EROFS: read-only file system`. */
export const refusedPlace = (reason: string): RefusedPlace => {
  switch (/\b(E[A-Z0-9]+):/.exec(reason)?.[1]) {
    // The parents had been made: what is missing is the file system's will, as below /proc.
    case 'ENOENT':
      return { why: 'its file system takes no new directories (ENOENT)', remedy: elsewhere }
    case 'ENOTDIR':
    case 'EEXIST':
      return {
        why: `a part of this path is no directory (${reason})`,
        remedy: 'Name a path whose parts are directories or new.',
      }
    case 'ENAMETOOLONG':
      return { why: reason, remedy: 'Name a shorter path.' }
    case 'ELOOP':
      return { why: reason, remedy: 'Mend the symbolic links of this path, or name another one.' }
    case 'EACCES':
    case 'EPERM':
      return { why: reason, remedy: 'Name a directory that this user can write.' }
    case 'ENOSPC':
    case 'EDQUOT':
      return { why: reason, remedy: 'Free some space, or name another place.' }
    default:
      return { why: reason, remedy: elsewhere }
  }
}
