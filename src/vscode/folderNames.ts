import type { FolderDefinition } from '../model/backendDefinition';

/** Gives folders of the same name one each that tells them apart: with as many of their parents as that takes. */
export function withDistinctNames(folders: readonly FolderDefinition[]): readonly FolderDefinition[] {
  return folders.map((folder) => {
    const namesakes = folders.filter((other) => other.name === folder.name);
    return namesakes.length < 2 ? folder : { ...folder, name: distinctName(folder, namesakes) };
  });
}

function distinctName(folder: FolderDefinition, namesakes: readonly FolderDefinition[]): string {
  const longest = parentsOf(folder).length;
  for (let count = 1; count < longest; count++) {
    const name = nameWithParents(folder, count);
    if (namesakes.filter((other) => nameWithParents(other, count) === name).length === 1) return name;
  }
  return nameWithParents(folder, longest);
}

function nameWithParents(folder: FolderDefinition, count: number): string {
  return [...parentsOf(folder).slice(-count), folder.name].join('/');
}

function parentsOf({ path }: FolderDefinition): readonly string[] {
  return path
    .split(/[\\/]+/)
    .filter((part) => part !== '')
    .slice(0, -1);
}
