import { backendStates, transitions } from '../../src/model/backendState';

/** The transition table as a Mermaid diagram: what CONTRIBUTING.md shows and a test compares with it. */
export function renderStateDiagram(): string {
  const lines = backendStates.flatMap((state) =>
    transitions.filter((t) => t.from === state).map((t) => `    ${t.from} --> ${t.to}: ${mermaidText(t.when)}`),
  );
  return ['stateDiagram-v2', `    [*] --> ${backendStates[0]}`, ...lines, ''].join('\n');
}

/** A semicolon ends a statement in Mermaid, a colon begins the label. */
function mermaidText(text: string): string {
  return text.replace(/[;:]/g, ',');
}
