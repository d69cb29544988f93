package coordconv.jmh.gate;

import coordconv.jmh.peer.Operation;
import coordconv.jmh.worker.Subject;
import coordconv.verification.problem.Problem;
import coordconv.jmh.peers.ProblemSelection;
import java.util.List;

/**
 * One thing that the gate watches.
 *
 * @param id its key in the baselines
 * @param subject what is timed, on one thread
 */
public record GateItem(String id, Subject subject) {
    /** {@return the micro-kernel by itself, and passes that spend their time in it, in packing, and in both} */
    public static List<GateItem> standard() {
        return List.of(
                new GateItem("micro-kernel", Subject.ceiling(Operation.L1_KERNEL, 1)),
                of("dcn2.conv4", Operation.FORWARD),
                of("resnet56", Operation.FORWARD),
                of("dcn2.conv4", Operation.BACKWARD_INPUT),
                of("dcn2.conv4", Operation.BACKWARD_WEIGHTS));
    }

    private static GateItem of(String label, Operation operation) {
        Problem problem = ProblemSelection.of(List.of(label)).getFirst();
        return new GateItem(label + ", " + operation.title(), new Subject("coordconv", operation, problem.text(), 1));
    }
}
