package coordconv.jmh.gate;

import coordconv.kernels.internal.gemm.MicroKernel;
import coordconv.kernels.internal.gemm.TileKernel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * Makes a copy of the kernels with {@link PlantedSlowdown} or {@link PlantedTile} around every micro-kernel.
 *
 * <p>The product has no switch that slows it: the copy's compilers of micro-kernels are rewritten here.
 */
final class PlantedKernels {
    private static final String PACKAGE = "coordconv/kernels/internal/vector/";
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
        plant(folder.resolve(PACKAGE + "MicroKernelCompiler.class"), MicroKernel.class, PlantedSlowdown.class);
        plant(folder.resolve(PACKAGE + "TileKernelCompiler.class"), TileKernel.class, PlantedTile.class);
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
    private static void plant(Path compiler, Class<?> contract, Class<?> wrapper) throws IOException {
        ClassFile file = ClassFile.of();
        ClassModel model = file.parse(Files.readAllBytes(compiler));
        MethodModel method = model.methods().stream()
                .filter(m -> m.methodName().equalsString(METHOD)).findFirst()
                .orElseThrow(() -> new IllegalStateException(compiler + ": needed a method " + METHOD));
        ClassDesc self = model.thisClass().asSymbol();
        MethodTypeDesc type = method.methodTypeSymbol();
        ClassDesc kernel = ClassDesc.of(contract.getName());
        Files.write(compiler, file.build(self, builder -> {
            model.forEach(element -> {
                if (element == method) {
                    builder.withMethod(RENAMED, type, method.flags().flagsMask(), renamed -> method.forEach(renamed));
                } else {
                    builder.with(element);
                }
            });
            builder.withMethodBody(METHOD, type, method.flags().flagsMask(), code -> {
                for (int i = 0; i < type.parameterCount(); i++) {
                    code.loadLocal(TypeKind.from(type.parameterType(i)), code.parameterSlot(i));
                }
                code.invokestatic(self, RENAMED, type)
                        .invokestatic(ClassDesc.of(wrapper.getName()), "of", MethodTypeDesc.of(kernel, kernel))
                        .areturn();
            });
        }));
    }
}
