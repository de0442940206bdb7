/** One file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: number;
  readonly packedBytes: number;
}

const endOfDirectory = 0x06054b50;
const endOfDirectoryBytes = 22;
const directoryEntry = 0x02014b50;
const directoryEntryBytes = 46;

/** The files of a zip archive, as its directory at the end tells them. */
export function zipEntries(archive: Buffer): readonly ZipEntry[] {
  let end = archive.length - endOfDirectoryBytes;
  while (end >= 0 && archive.readUInt32LE(end) !== endOfDirectory) end--;
  if (end < 0) throw new Error('not a zip archive');
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== directoryEntry) throw new Error('a damaged zip archive');
    const nameBytes = archive.readUInt16LE(at + 28);
    const nameAt = at + directoryEntryBytes;
    entries.push({
      name: archive.toString('utf8', nameAt, nameAt + nameBytes),
      bytes: archive.readUInt32LE(at + 24),
      packedBytes: archive.readUInt32LE(at + 20),
    });
    at = nameAt + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}
