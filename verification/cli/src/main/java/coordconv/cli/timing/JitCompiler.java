package coordconv.cli.timing;

import java.lang.management.ManagementFactory;
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

    static String queue() throws JMException {
        return (String) SERVER.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "compilerQueue", null, null);
    }

    /** Headings end with a colon, an empty queue is the word Empty, and every other line is a method. */
    static boolean isIdle(String queue) {
        return queue.lines().map(String::strip).allMatch(line -> line.isEmpty() || line.endsWith(":") || line.equals("Empty"));
    }
}
