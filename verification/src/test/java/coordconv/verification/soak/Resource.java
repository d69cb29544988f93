package coordconv.verification.soak;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** What a process may leak, and how much growth of it a healthy run may show. */
enum Resource {
    /** Live objects, in bytes. */
    HEAP(512 << 10) {
        @Override
        long now() {
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }
    },
    /** Direct and mapped buffers, in bytes. */
    BUFFERS(0) {
        @Override
        long now() {
            return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .mapToLong(BufferPoolMXBean::getTotalCapacity).sum();
        }
    },
    /** Memory that Java code allocated outside the heap, segments among it, in bytes; 0 where the JVM does not track it. */
    NATIVE(64 << 10) {
        @Override
        long now() {
            try {
                String report = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"), "vmNativeMemory",
                        new Object[] {new String[] {"summary"}}, new String[] {String[].class.getName()});
                Matcher other = OTHER.matcher(report);
                return other.find() ? Long.parseLong(other.group(1)) << 10 : 0;
            } catch (JMException unknown) {
                return 0;
            }
        }
    },
    /** Live threads. */
    THREADS(0) {
        @Override
        long now() {
            return ManagementFactory.getThreadMXBean().getThreadCount();
        }
    },
    /** Classes ever loaded, spun kernels among them; a few of the JDK's own come late. */
    CLASSES(16) {
        @Override
        long now() {
            return ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount();
        }
    };

    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB\\)");

    private final long tolerated;

    Resource(long tolerated) {
        this.tolerated = tolerated;
    }

    abstract long now();

    /** {@return growth that is put down to the JVM itself} */
    long tolerated() {
        return tolerated;
    }
}
