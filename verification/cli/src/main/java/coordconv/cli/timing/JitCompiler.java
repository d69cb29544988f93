package coordconv.cli.timing;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.BooleanSupplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Whether the JVM compiles something at the moment, from what {@code jcmd Compiler.queue} prints. */
public final class JitCompiler {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private JitCompiler() {}

    /** {@return whether nothing is being compiled and nothing is queued; true where the JVM does not tell} */
    public static boolean isIdle() {
        try {
            return isIdle(queue());
        } catch (JMException notHotSpot) {
            return true;
        }
    }

    /**
     * A look at the compiler that remembers the one before.
     *
     * @return tells at each call whether nothing is being compiled, and nothing was since the call before
     */
    public static BooleanSupplier quiet() {
        CompilationMXBean compilation = ManagementFactory.getCompilationMXBean();
        if (compilation == null || !compilation.isCompilationTimeMonitoringSupported()) {
            return JitCompiler::isIdle;
        }
        long[] before = {compilation.getTotalCompilationTime()};
        return () -> {
            long now = compilation.getTotalCompilationTime();
            boolean same = now == before[0];
            before[0] = now;
            return same && isIdle();
        };
    }

    static String queue() throws JMException {
        return (String) SERVER.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "compilerQueue", null, null);
    }

    /** Headings end with a colon, an empty queue is the word Empty, and every other line is a method. */
    static boolean isIdle(String queue) {
        return queue.lines().map(String::strip).allMatch(line -> line.isEmpty() || line.endsWith(":") || line.equals("Empty"));
    }
}
