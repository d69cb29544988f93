package coordconv.verification.api;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/** What a module shows to those who use it, as the JDK's own javap prints it: a line a type or member, sorted. */
final class ApiListing {
    private ApiListing() {}

    /**
     * Lists public and protected members of the public types in exported packages.
     *
     * @param module a jar or a folder of classes, with a module descriptor
     * @return {@code type: declaration} of each
     */
    static List<String> of(Path module) throws IOException {
        ModuleReference reference = ModuleFinder.of(module).findAll().iterator().next();
        Set<String> exported = reference.descriptor().exports().stream()
                .filter(export -> !export.isQualified()).map(ModuleDescriptor.Exports::source).collect(Collectors.toSet());
        List<String> arguments = new ArrayList<>(List.of("-protected", "-constants", "-classpath", module.toString()));
        try (ModuleReader reader = reference.open()) {
            reader.list().filter(name -> name.endsWith(".class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .filter(name -> exported.contains(name.substring(0, Math.max(0, name.lastIndexOf('.')))))
                    .filter(name -> !name.endsWith(".package-info"))
                    .sorted().forEach(arguments::add);
        }
        return lines(javap(arguments));
    }

    private static String javap(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        int exit = ToolProvider.findFirst("javap").orElseThrow()
                .run(new PrintWriter(out), new PrintWriter(errors), arguments.toArray(String[]::new));
        if (exit != 0) {
            throw new IllegalStateException("javap: " + errors);
        }
        return out.toString();
    }

    private static List<String> lines(String printed) {
        Set<String> api = new TreeSet<>();
        String type = null;
        for (String line : printed.lines().toList()) {
            if (line.endsWith("{")) {
                String declaration = line.substring(0, line.length() - 1).strip();
                type = declaration.startsWith("public ") || declaration.startsWith("protected ") ? name(declaration) : null;
                if (type != null) {
                    api.add(type + ": " + declaration);
                }
            } else if (type != null && line.startsWith("  ")) {
                api.add(type + ": " + line.strip());
            }
        }
        return List.copyOf(api);
    }

    private static String name(String declaration) {
        return declaration.replaceFirst(".*?\\b(?:class|interface) ([\\w.$]+).*", "$1");
    }
}
