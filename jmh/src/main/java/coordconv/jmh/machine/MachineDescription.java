package coordconv.jmh.machine;

import coordconv.kernels.KernelInfo;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The machine and the JVM that figures were measured on.
 *
 * @param cpu model name with family, model and stepping
 * @param cpuKey the same as a short key, for baselines
 * @param processors how many the JVM sees
 * @param os name and version
 * @param jdk vendor and version
 * @param flags JVM arguments
 * @param kernel what our kernel chose here
 */
public record MachineDescription(String cpu, String cpuKey, int processors, String os, String jdk,
        List<String> flags, String kernel) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** {@return this machine and JVM} */
    public static MachineDescription current() {
        String family = cpuInfo("cpu family");
        String model = cpuInfo("model");
        String name = cpuInfo("model name");
        return new MachineDescription(
                "%s (%s, family %s, model %s, stepping %s)".formatted(name, cpuInfo("vendor_id"), family, model, cpuInfo("stepping")),
                "%s-%s-%s-%dbit".formatted(cpuInfo("vendor_id"), family, model, RegisterFma.bits()),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"),
                System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version"),
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                KernelInfo.current().toString());
    }

    private static String cpuInfo(String key) {
        try {
            for (String line : Files.readAllLines(CPU_INFO)) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).strip().equals(key)) {
                    return line.substring(colon + 1).strip();
                }
            }
        } catch (IOException notLinux) {
            return System.getProperty("os.arch");
        }
        return "unknown";
    }
}
