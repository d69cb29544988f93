package coordconv.verification.kernel;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds a kernel by the name of its class. */
public final class KernelLoader {
    /** Name of the system property that chooses the kernel under test. */
    public static final String PROPERTY = "coordconv.kernel";

    private KernelLoader() {}

    /**
     * The kernel that the system property {@value #PROPERTY} names.
     *
     * @param fallback used where the property is not set
     * @return a new instance of the class it names
     * @throws IllegalArgumentException if that class is missing or no such kernel
     */
    public static ConvKernel underTest(ConvKernel fallback) {
        String name = System.getProperty(PROPERTY);
        return name == null ? fallback : make(PROPERTY, name, KernelLoader.class.getClassLoader());
    }

    /**
     * Makes a kernel from jars and folders of classes.
     *
     * @param argument what the user gave the name by, for the message
     * @param name of the class
     * @param classPath jars and folders, separated as in the option {@code -cp}; may be empty
     * @return a new instance
     * @throws IllegalArgumentException naming what is missing, if the class or a part of the class path is
     */
    public static ConvKernel load(String argument, String name, String classPath) {
        ClassLoader parent = KernelLoader.class.getClassLoader();
        if (classPath.isEmpty()) {
            return make(argument, name, parent);
        }
        List<URL> parts = new ArrayList<>();
        for (String part : classPath.split(File.pathSeparator)) {
            Path path = Path.of(part);
            if (!Files.exists(path)) {
                throw new IllegalArgumentException("--class-path: given " + part + ", which does not exist, needed a jar or a folder of classes");
            }
            try {
                parts.add(path.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException("--class-path: given " + part + ", needed a jar or a folder of classes", e);
            }
        }
        // Stays open: the kernel may load further classes until the JVM ends.
        return make(argument, name, new URLClassLoader(parts.toArray(URL[]::new), parent));
    }

    private static ConvKernel make(String argument, String name, ClassLoader loader) {
        try {
            return (ConvKernel) Class.forName(name, true, loader).getConstructor().newInstance();
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw new IllegalArgumentException(argument + ": given " + name
                    + ", needed a ConvKernel with a public constructor without arguments (" + reason(e) + ")", e);
        }
    }

    private static String reason(Throwable e) {
        return switch (e) {
            case ClassNotFoundException missing -> "there is no such class";
            case NoSuchMethodException missing -> "it has no such constructor";
            case InstantiationException made -> "it is abstract";
            case IllegalAccessException made -> "it is not public";
            case ClassCastException made -> "it does not implement the interface";
            case NoClassDefFoundError missing -> "the class " + missing.getMessage() + " that it needs is missing";
            case InvocationTargetException thrown -> "its constructor failed: " + thrown.getCause().getMessage();
            default -> "it does not load: " + e.getMessage();
        };
    }
}
