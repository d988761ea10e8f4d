import { hubOptionsHelp } from '../hub-options.ts';

export const modelsHelp = `twinhub models check PATH...     checks DTDL interfaces, twin graphs and AAS environments (JSON, XML, AASX) without a hub:
                                 everything they use must be among them, in the repository, or an ISA-95 concept of the
                                 hub (dtmi:twinhub:isa95:...)
twinhub models check --batch FILE.jsonl   checks one case a line and prints one verdict a line; - for standard input
twinhub models diff OLD NEW      compares two versions of models: COMPATIBLE or BREAKING, and why
twinhub models import PATH...    imports into a running hub, all or nothing
twinhub models export [ID...]    writes models or twins of a running hub, all of them without ID
  PATH, OLD, NEW a file, or a folder whose .json, .xml and .aasx files are taken, at any depth
For check and import:
  --repository DIR|URL   where to look for models that are referred to (default TWINHUB_MODELS_REPOSITORY)
For check:
  --standard S   only dtdl (twin graphs included) or aas
  --strict       AAS by the letter of the standard; warnings count as findings too
  --undefined-extensions allow|disallow   in DTDL (default: allow in version 2 only)
  --limit-context DTMI   a limit context that may be named; may stand several times (default all known)
  --max-version N        newest version of DTDL to accept
  --json, --sarif        one JSON document, or SARIF 2.1.0 for code scanning
For diff:
  --json         one JSON document
For import:
  --dry-run      say what would change, change nothing
  --create-twins AAS: asset instances that no twin stands for get one
  --strict       warnings count as errors
For export:
  --standard S   dtdl, aas, or twins (default dtdl)
  --format F     json; for aas also xml and aasx
  -o, --output FILE      (default standard output)
${hubOptionsHelp}
One finding a line: FILE:LINE:COLUMN CODE MESSAGE. Exit code 0 when fine (diff: compatible), 1 with findings (breaking), 2 for
wrong words, 3 when it cannot run. A batch ends with 0 when it ran: its verdicts are in its lines.`;
