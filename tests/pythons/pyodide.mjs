// CPython built for WebAssembly: `node pyodide.mjs SCRIPT VECTORS FOLDER…` runs the script with the folders on its path.
import { loadPyodide } from "pyodide";

const [script, vectors, ...folders] = process.argv.slice(2);
const python = await loadPyodide();
const mounted = (folder, number) => {
  python.mountNodeFS(`/on-path-${number}`, folder);
  return `/on-path-${number}`;
};
const { readFileSync } = await import("node:fs");
python.FS.writeFile("/script.py", readFileSync(script));
python.FS.writeFile("/vectors.json", readFileSync(vectors));
python.globals.set("folders", python.toPy(folders.map(mounted)));
try {
  python.runPython(`
import runpy, sys, warnings
warnings.simplefilter("error")
sys.dont_write_bytecode = True
sys.path[:0] = folders
sys.argv = ["/script.py", "/vectors.json"]
runpy.run_path("/script.py", run_name="__main__")
`);
} catch (error) {
  console.error(String(error.message ?? error).slice(-2000));
  process.exitCode = 1;
}
