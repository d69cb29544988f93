package coordconv.jmh.gate;

import coordconv.jmh.worker.Worker;
import coordconv.kernels.Conv2dPlan;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A build of the kernels to be measured in a worker.
 *
 * @param classPath class path of the worker
 * @param slowed whether every micro-kernel does a tenth more work than it needs to
 */
public record Build(String classPath, boolean slowed) {
    /** {@return the build that this JVM runs} */
    static Build current() {
        return new Build(System.getProperty("java.class.path"), false);
    }

    /** {@return this build with a slowdown planted} */
    Build withSlowdown() {
        return new Build(classPath, true);
    }

    /** {@return jar or folder that this JVM loads the kernels from} */
    static Path kernels() {
        try {
            return Path.of(Conv2dPlan.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("kernels outside the file system", e);
        }
    }

    /**
     * The class path of this JVM with other kernels in place of its own. Everything else stays, so the other kernels
     * must have the public API that this module calls.
     *
     * @param kernels jar or folder
     * @return the build
     * @throws IllegalStateException if the class path of this JVM has no entry with its kernels
     */
    static Build of(Path kernels) {
        Path own = kernels().toAbsolutePath().normalize();
        List<String> entries = new ArrayList<>();
        boolean replaced = false;
        for (String entry : current().classPath.split(File.pathSeparator)) {
            boolean isOwn = !entry.isEmpty() && Path.of(entry).toAbsolutePath().normalize().equals(own);
            replaced |= isOwn;
            entries.add(isOwn ? kernels.toAbsolutePath().toString() : entry);
        }
        if (!replaced) {
            throw new IllegalStateException("class path: given " + current().classPath + ", needed an entry " + own);
        }
        return new Build(String.join(File.pathSeparator, entries), false);
    }

    /**
     * The build that this JVM runs, with a kernel that is not ours beside it.
     *
     * @param kernels class path of the kernel; may be empty
     * @return the build
     */
    static Build beside(String kernels) {
        // Behind our own: what measures stays the same whatever the kernel brings along.
        return kernels.isEmpty() ? current() : new Build(current().classPath + File.pathSeparator + kernels, false);
    }

    /**
     * Starts a worker.
     *
     * @param log where its standard error goes
     * @return the worker
     * @throws IOException if the JVM cannot be started
     */
    Worker start(Path log) throws IOException {
        return slowed ? Worker.startSlowed(classPath, log) : Worker.start(classPath, log);
    }

    /**
     * Starts a worker with other settings; a slowdown is not planted.
     *
     * @param log where its standard error goes
     * @param flag of the JVM
     * @return the worker
     * @throws IOException if the JVM cannot be started
     */
    Worker start(Path log, String flag) throws IOException {
        return Worker.start(classPath, log, flag);
    }
}
