package coordconv.jmh.gate;

import coordconv.kernels.internal.gemm.MicroKernel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * Makes a copy of the kernels with {@link PlantedSlowdown} around every micro-kernel.
 *
 * <p>The product has no switch that slows it: the copy's compiler of micro-kernels is rewritten here.
 */
final class PlantedKernels {
    private static final String COMPILER = "coordconv/kernels/internal/vector/MicroKernelCompiler.class";
    private static final String METHOD = "compile";
    private static final String RENAMED = "compileAsWritten";

    private PlantedKernels() {}

    /**
     * Writes the copy.
     *
     * @param folder is filled with class files
     * @return the folder
     * @throws IOException if it cannot be written
     */
    static Path write(Path folder) throws IOException {
        Path own = KernelClassPath.own();
        if (Files.isDirectory(own)) {
            copy(own, folder);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(own)) {
                copy(jar.getPath("/"), folder);
            }
        }
        Path compiler = folder.resolve(COMPILER);
        Files.write(compiler, plant(Files.readAllBytes(compiler)));
        return folder;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                try (InputStream in = Files.newInputStream(file)) {
                    Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Renames the method that compiles, and puts one in its place that wraps what it returns. */
    private static byte[] plant(byte[] compiler) {
        ClassFile file = ClassFile.of();
        ClassModel model = file.parse(compiler);
        MethodModel method = model.methods().stream()
                .filter(m -> m.methodName().equalsString(METHOD)).findFirst()
                .orElseThrow(() -> new IllegalStateException(COMPILER + ": needed a method " + METHOD));
        ClassDesc self = model.thisClass().asSymbol();
        MethodTypeDesc type = method.methodTypeSymbol();
        ClassDesc kernel = ClassDesc.of(MicroKernel.class.getName());
        return file.build(self, builder -> {
            model.forEach(element -> {
                if (element == method) {
                    builder.withMethod(RENAMED, type, method.flags().flagsMask(), renamed -> method.forEach(renamed));
                } else {
                    builder.with(element);
                }
            });
            builder.withMethodBody(METHOD, type, method.flags().flagsMask(), code -> code
                    .aload(0)
                    .invokestatic(self, RENAMED, type)
                    .invokestatic(ClassDesc.of(PlantedSlowdown.class.getName()), "of", MethodTypeDesc.of(kernel, kernel))
                    .areturn());
        });
    }
}
