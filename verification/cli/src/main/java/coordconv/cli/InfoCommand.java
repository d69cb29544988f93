package coordconv.cli;

import coordconv.kernels.KernelInfo;
import coordconv.kernels.VectorWidth;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code coordconv info}: the machine and what was chosen for it. */
@Command(name = "info", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Shows the JDK, the processor, and the kernel that was chosen for them.")
final class InfoCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    /**
     * Everything in JSON.
     *
     * @param version of coordconv
     * @param jdk version and vendor
     * @param os name, version and architecture
     * @param cpu name of the processor
     * @param heapBytes the most that the heap may grow to
     * @param kernel what was chosen
     */
    record Info(String version, String jdk, String os, String cpu, long heapBytes, KernelInfo kernel) {
        static Info current() {
            return new Info(Version.current(),
                    System.getProperty("java.vm.version") + ", " + System.getProperty("java.vm.name"),
                    System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                            + System.getProperty("os.arch"),
                    Processor.name(), Runtime.getRuntime().maxMemory(), KernelInfo.of(VectorWidth.PREFERRED));
        }
    }

    @Override
    public Integer call() {
        Info info = Info.current();
        KernelInfo k = info.kernel();
        PrintWriter out = output.report();
        out.println("coordconv     " + info.version());
        out.println("JDK           " + info.jdk());
        out.println("OS            " + info.os());
        out.println("CPU           " + info.cpu());
        out.println("processors    " + k.processors());
        out.println("heap          at most " + (info.heapBytes() >> 20) + " MiB");
        out.println("vector path   " + (k.vector() ? "on, " + k.speciesBits() + "-bit species"
                : "OFF: scalar loops run; add --add-modules jdk.incubator.vector to the java command line"));
        out.println("tile          MR " + k.mr() + " x NR " + k.nr());
        out.println("blocking      KC " + k.kc() + ", MC " + k.mc() + ", NC " + k.nc());
        out.println("caches        L1 " + size(k.l1Bytes(), k.l1FromSystem())
                + ", L2 " + size(k.l2Bytes(), k.l2FromSystem()));
        output.object(info);
        return 0;
    }

    private static String size(long bytes, boolean fromSystem) {
        return (bytes >> 10) + " KiB" + (fromSystem ? "" : " (by default: the system does not tell)");
    }
}
