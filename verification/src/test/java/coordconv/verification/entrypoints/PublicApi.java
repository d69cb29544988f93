package coordconv.verification.entrypoints;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The public methods and constructors with arguments of the packages that a module exports. */
final class PublicApi {
    private PublicApi() {}

    /** All of them, of the module that a class belongs to, in a fixed order. */
    static List<Executable> of(Class<?> any) {
        try {
            Path place = Path.of(any.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(place)) {
                return under(place);
            }
            try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + place.toUri()), Map.of())) {
                return under(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException | ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Executable> under(Path root) throws IOException, ReflectiveOperationException {
        List<Executable> members = new ArrayList<>();
        ModuleDescriptor module;
        try (InputStream info = Files.newInputStream(root.resolve("module-info.class"))) {
            module = ModuleDescriptor.read(info);
        }
        for (ModuleDescriptor.Exports exported : module.exports()) {
            try (Stream<Path> files = Files.list(root.resolve(exported.source().replace('.', '/')))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".class") && !name.equals("package-info.class")) {
                        collect(Class.forName(exported.source() + "." + name.substring(0, name.length() - 6)), members);
                    }
                }
            }
        }
        members.sort(Comparator.comparing(PublicApi::name));
        return members;
    }

    private static void collect(Class<?> type, List<Executable> into) {
        if (!isPublic(type)) {
            return;
        }
        if (!Modifier.isAbstract(type.getModifiers())) {
            into.addAll(List.of(type.getConstructors()));
        }
        for (Method method : type.getDeclaredMethods()) {
            boolean inherited = method.getName().equals("equals") || method.getName().equals("valueOf") && type.isEnum();
            if (Modifier.isPublic(method.getModifiers()) && !Modifier.isAbstract(method.getModifiers())
                    && !method.accessFlags().contains(AccessFlag.SYNTHETIC) && !inherited) {
                into.add(method);
            }
        }
        into.removeIf(member -> member.getParameterCount() == 0);
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getDeclaringClass() == null || isPublic(type.getDeclaringClass()));
    }

    /** Class, method and types of the arguments, without packages. */
    static String name(Executable member) {
        StringBuilder name = new StringBuilder(simple(member.getDeclaringClass()));
        if (member instanceof Method) {
            name.append('.').append(member.getName());
        }
        name.append('(');
        for (Class<?> type : member.getParameterTypes()) {
            name.append(name.charAt(name.length() - 1) == '(' ? "" : ", ").append(type.getSimpleName());
        }
        return name.append(')').toString();
    }

    private static String simple(Class<?> type) {
        return (type.getDeclaringClass() == null ? "" : simple(type.getDeclaringClass()) + ".") + type.getSimpleName();
    }
}
