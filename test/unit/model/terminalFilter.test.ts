import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { TerminalFilter } from '../../../src/model/terminalFilter';

const esc = '\u001b';
const bel = '\u0007';
const shown = (...chunks: readonly string[]): string => {
  const filter = new TerminalFilter();
  return chunks.map((chunk) => filter.push(chunk)).join('');
};

describe('TerminalFilter', () => {
  it('keeps_colours_and_what_moves_within_a_line', () => {
    const kept = [
      `${esc}[31mred${esc}[0m`,
      `${esc}[38;2;1;2;3mrgb${esc}[m`,
      `${esc}[1;4:3mcurly`,
      `50 %\r60 %${esc}[K\n`,
      `${esc}[2K${esc}[1Gspinner`,
      'a\tb\bc\r\n',
    ];
    for (const text of kept) assert.equal(shown(text), text);
  });

  const harmful: Readonly<Record<string, string>> = {
    'the clipboard (OSC 52)': `${esc}]52;c;ZXZpbA==${bel}`,
    'a clipboard question': `${esc}]52;c;?${esc}\\`,
    'the window title (OSC 0, 2)': `${esc}]0;title${bel}${esc}]2;title${esc}\\`,
    'a link (OSC 8) with a command': `${esc}]8;;command:workbench.action.terminal.new${bel}`,
    'marks of the editor (OSC 633, 1337)': `${esc}]633;E;rm -rf;x${bel}${esc}]1337;File=:AAAA${bel}`,
    'a question of settings (DECRQSS)': `${esc}P$q"p${esc}\\`,
    'questions that are answered as input (DA, DSR)': `${esc}[c${esc}[>c${esc}[6n${esc}[?6n`,
    'mouse tracking and pasting': `${esc}[?1000h${esc}[?2004h`,
    'the other screen': `${esc}[?1049h`,
    'clearing what was there': `${esc}[2J${esc}[3J${esc}[H${esc}c`,
    'the cursor on other lines': `${esc}[5A${esc}[2B${esc}[3;1H${esc}[s${esc}7${esc}M`,
    'character sets': `${esc}(0\u000e\u000f`,
    'a bell and other controls': `${bel}\u0000\u0005\u007f`,
    'the same in 8 bits': `\u009d52;c;ZXZpbA==\u009c\u0090$q"p\u009c\u009b6n`,
    'private strings (APC, PM, SOS)': `${esc}_G;x${esc}\\${esc}^x${esc}\\${esc}Xx${esc}\\`,
    'marks that turn the direction or hide': '\u202e\u2066\u200b\ufeff',
  };
  for (const [what, sequence] of Object.entries(harmful)) {
    it(`leaves_out ${what}`, () => {
      assert.equal(shown(`before ${sequence}after`), 'before after');
      const torn = `before ${sequence}after`.split(/(?:)/);
      assert.equal(shown(...torn), 'before after', 'one character at a time');
    });
  }

  it('gives_up_a_string_that_does_not_end_so_that_it_hides_no_line', () => {
    assert.equal(shown(`${esc}]0;never ended\nnext line\n`), '\nnext line\n');
    assert.equal(shown(`${esc}]0;`, 'x'.repeat(5_000), 'seen').endsWith('seen'), true);
  });

  it('begins_anew_after_a_gap', () => {
    const filter = new TerminalFilter();
    assert.equal(filter.push(`text ${esc}]0;ti`), 'text ');
    filter.reset();
    assert.equal(filter.push('next'), 'next');
  });

  it('lets_no_other_sequence_through_however_the_stream_is_cut', () => {
    const piece = fc.constantFrom(
      esc,
      '[',
      ']',
      'P',
      '0',
      ';',
      '?',
      'm',
      'h',
      'H',
      'a',
      '\\',
      bel,
      '\n',
      '\u009b',
      '\u009c',
      '\u009d',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.array(piece).map((parts) => parts.join('')),
          { maxLength: 8 },
        ),
        (chunks) => {
          const text = shown(...chunks);
          const rest = text.replace(/\u001b\[[\d;:]*[mCDGKX`]/g, '');
          assert.doesNotMatch(rest, /[\u0000-\u0007\u000b\u000c\u000e-\u001f\u007f-\u009f]/);
        },
      ),
    );
  });

  it('needs_linear_time_on_what_is_meant_to_be_slow', () => {
    const started = performance.now();
    for (const unit of [`${esc}]`, '\u009d', `${esc}[`, '\u009b;', `${esc} `, `${esc}P\u009d`])
      shown(unit.repeat(100_000));
    assert.ok(performance.now() - started < 4_000);
  });
});
