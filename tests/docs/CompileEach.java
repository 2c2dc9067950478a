import java.nio.file.Path;
import javax.tools.ToolProvider;

/** Compiles the Main.java of each folder by itself: they all have the same class. */
class CompileEach {
    public static void main(String[] folders) throws Exception {
        var compiler = ToolProvider.getSystemJavaCompiler();
        for (var folder : folders) {
            var source = Path.of(folder, "Main.java");
            if (compiler.run(null, null, null, "-Xlint:all", "-Werror", "-d", folder, source.toString()) != 0) System.exit(1);
        }
    }
}
