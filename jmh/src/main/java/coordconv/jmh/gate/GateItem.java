package coordconv.jmh.gate;

import coordconv.cli.timing.NetworkCase;
import coordconv.jmh.comparison.ProblemSelection;
import coordconv.jmh.engines.EngineName;
import coordconv.jmh.engines.KernelEngine;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.worker.Subject;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import coordconv.verification.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing that the gate measures.
 *
 * @param id its key in the baselines
 * @param subject what is timed, on one thread
 * @param yardstick what our rate is relative to
 */
public record GateItem(String id, Subject subject, Yardstick yardstick) {
    /** The networks that the gate measures: with coordinates and without. */
    private static final List<String> NETWORKS = List.of("dcn2@64", "MyNet@64");

    /** Layers as they run inside networks. */
    private static final Problem RESNET56_PIXELS = Problem.parse("resnet56-nhwc: n1c64h56w56o64k3p1lnhwc");
    private static final Problem DEPTHWISE_PIXELS = Problem.parse("depthwise28-nhwc: n1c256h28w28o256k3p1g256lnhwc");

    /** What is measured beside ours, so that the machine's pace cancels. */
    enum Yardstick {
        /** Fused multiply-adds on registers. */
        REGISTER_FMA,
        /** The same network in ONNX Runtime. */
        ONNX_RUNTIME,
        /** The first call in a fresh JVM whose kernels are plain Java, which waits for no compiler. */
        PLAIN_FIRST_CALL
    }

    /** An item that is compared with the register FMA. */
    GateItem(String id, Subject subject) {
        this(id, subject, Yardstick.REGISTER_FMA);
    }

    /** {@return whole networks, beside ONNX Runtime too where the class path has it, and the first call of one} */
    static List<GateItem> networks() {
        List<GateItem> items = new ArrayList<>();
        for (String network : NETWORKS) {
            Subject subject = new Subject(EngineName.COORDCONV.id(), Operation.NETWORK, network, 1);
            items.add(new GateItem(network + ", network", subject));
            if (EngineName.ONNX_RUNTIME.isPresent()) {
                items.add(new GateItem(network + ", network beside ONNX Runtime", subject, Yardstick.ONNX_RUNTIME));
            }
        }
        Subject first = new Subject(EngineName.COORDCONV.id(), Operation.NETWORK, NETWORKS.getFirst(), 1);
        items.add(new GateItem(NETWORKS.getFirst() + ", first call beside plain Java", first, Yardstick.PLAIN_FIRST_CALL));
        return items;
    }

    /** {@return the same subject in the engine that it is compared with} */
    Subject peer() {
        return new Subject(EngineName.ONNX_RUNTIME.id(), subject.operation(), subject.problem(), subject.threads());
    }

    /** {@return floating-point operations of one call} */
    double work() {
        return subject.operation() == Operation.NETWORK ? NetworkCase.parse(subject.problem()).flops() : subject.work();
    }

    /** {@return the micro-kernel by itself, passes that are bound by it, by packing, and by both, and layers with channels last} */
    public static List<GateItem> standard() {
        return List.of(
                new GateItem("micro-kernel", Subject.ceiling(Operation.L1_KERNEL, 1)),
                of(shipped("dcn2.conv4"), Operation.FORWARD),
                of(shipped("resnet56"), Operation.FORWARD),
                of(RESNET56_PIXELS, Operation.FORWARD),
                of(DEPTHWISE_PIXELS, Operation.FORWARD),
                of(shipped("dcn2.conv4"), Operation.BACKWARD_INPUT),
                of(shipped("dcn2.conv4"), Operation.BACKWARD_WEIGHTS));
    }

    /**
     * The forward passes of problems.
     *
     * @param names labels of the shipped file, problem strings, or {@link ProblemSelection#README}
     * @return an item a problem
     * @throws IllegalArgumentException if a name is none of them
     */
    static List<GateItem> forward(List<String> names) {
        return ProblemSelection.of(names).stream().map(problem -> of(problem, Operation.FORWARD)).toList();
    }

    /**
     * The passes of a kernel that is not ours: those of the standard items that it declares, without their coordinates
     * where it has none.
     *
     * @param className name of its class
     * @param kernel an instance
     * @return the items
     * @throws IllegalArgumentException if it declares none of them
     */
    static List<GateItem> standard(String className, ConvKernel kernel) {
        List<GateItem> items = new ArrayList<>();
        for (GateItem ours : standard()) {
            if (ours.usesPublicApi()) {
                GateItem item = kernel.features().contains(Feature.COORDINATES) ? ours
                        : of(ours.problem().withoutCoordinates(), ours.subject().operation());
                if (KernelEngine.isDone(kernel, ConvCall.of(item.problem().geometry()), item.subject().operation())) {
                    items.add(item.by(className));
                }
            }
        }
        if (items.isEmpty()) {
            throw new IllegalArgumentException("--kernel: given " + className
                    + ", which declares none of the standard items, needed --problems beside it");
        }
        return items;
    }

    private Problem problem() {
        return Problem.parse(subject.problem());
    }

    /** {@return the same item of a kernel that is not ours, under the simple name of its class} */
    GateItem by(String className) {
        return new GateItem(className.substring(className.lastIndexOf('.') + 1) + ": " + id,
                new Subject(KernelEngine.id(className), subject.operation(), subject.problem(), subject.threads()));
    }

    private static Problem shipped(String label) {
        return ProblemSelection.of(List.of(label)).getFirst();
    }

    private static GateItem of(Problem problem, Operation operation) {
        return new GateItem(problem.name() + ", " + operation.title(), new Subject("coordconv", operation, problem.text(), 1));
    }

    /** {@return whether a build with the same public API and other internals can run it} */
    boolean usesPublicApi() {
        return !subject.operation().isCeiling();
    }
}
