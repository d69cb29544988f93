package coordconv.jmh.gate;

import coordconv.kernels.Conv2dPlan;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The class path of this JVM with another build of the kernels in the place of its own. */
final class KernelClassPath {
    private KernelClassPath() {}

    /** {@return jar or folder that this JVM has the kernels from} */
    static Path own() {
        try {
            return Path.of(Conv2dPlan.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("kernels outside the file system", e);
        }
    }

    /** {@return the class path as it is} */
    static String current() {
        return System.getProperty("java.class.path");
    }

    /**
     * The class path with other kernels.
     *
     * @param kernels jar or folder
     * @return class path
     * @throws IllegalStateException if this JVM has the kernels from elsewhere than its class path
     */
    static String with(Path kernels) {
        List<String> entries = new ArrayList<>();
        boolean replaced = false;
        for (String entry : current().split(File.pathSeparator)) {
            boolean own = !entry.isEmpty() && Path.of(entry).toAbsolutePath().normalize().equals(own().toAbsolutePath().normalize());
            replaced |= own;
            entries.add(own ? kernels.toAbsolutePath().toString() : entry);
        }
        if (!replaced) {
            throw new IllegalStateException("class path: needed an entry " + own() + " to replace, given " + current());
        }
        return String.join(File.pathSeparator, entries);
    }
}
