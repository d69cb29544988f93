package coordconv.verification.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.ConvTranspose2dPlan;
import coordconv.kernels.ConvolutionPlan;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.VectorWidth;
import coordconv.verification.problem.Inputs;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both kinds of plan refuse an output that is one of their inputs, in every pass and for every pair. */
class OverlapTest {
    private static final ConvGeometry G = ConvGeometry.builder().input(1, 2, 4, 5).outChannels(3).kernel(3, 3).padding(1)
            .coords(CoordPreset.NONE).build();
    private static final PlanOptions SCALAR = PlanOptions.DEFAULTS.withWidth(VectorWidth.SCALAR);
    private static final int ENOUGH = 200;

    static Stream<ConvolutionPlan> plans() {
        return Stream.of(Conv2dPlan.of(G, SCALAR), ConvTranspose2dPlan.of(G, CoordChannels.NONE, SCALAR));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void anOutputThatIsAnInputIsRefused(ConvolutionPlan plan) {
        float[] array = Inputs.uniform(1, ENOUGH);
        FloatRegion shared = FloatRegion.of(array);
        FloatRegion other = FloatRegion.of(new float[ENOUGH]);
        PackedWeights packed = plan.pack(other, null);
        PackedGradientWeights packedForGradient = plan.packForInputGradient(other);
        float[] before = array.clone();
        refused("y", "x", () -> plan.forward(shared, packed, shared, Parallelism.SERIAL));
        refused("dx", "dy", () -> plan.backwardInput(shared, packedForGradient, shared, Parallelism.SERIAL));
        refused("dw", "x", () -> plan.backwardWeights(shared, other, shared, Parallelism.SERIAL));
        refused("dw", "dy", () -> plan.backwardWeights(other, shared, shared, Parallelism.SERIAL));
        refused("db", "dy", () -> plan.backwardBias(shared, shared, Parallelism.SERIAL));
        assertArrayEquals(before, array);
    }

    @ParameterizedTest
    @MethodSource("plans")
    void weightsPackedByTheOtherKindOfPlanAreRefused(ConvolutionPlan plan) {
        FloatRegion region = FloatRegion.of(new float[ENOUGH]);
        float[] array = Inputs.uniform(1, ENOUGH);
        float[] before = array.clone();
        plans().forEach(foreign -> {
            PackedWeights packed = foreign.pack(region, null);
            PackedGradientWeights packedForGradient = foreign.packForInputGradient(region);
            refused("weights", "another plan", () -> plan.forward(region, packed, FloatRegion.of(array), Parallelism.SERIAL));
            refused("weights", "another plan",
                    () -> plan.backwardInput(region, packedForGradient, FloatRegion.of(array), Parallelism.SERIAL));
            refused("into", "another plan", () -> plan.repack(region, null, packed));
            refused("into", "another plan", () -> plan.repackForInputGradient(region, packedForGradient));
        });
        assertArrayEquals(before, array);
    }

    private static void refused(String argument, String given, Executable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
        assertTrue(e.getMessage().startsWith(argument + ": given ") && e.getMessage().contains(given)
                && e.getMessage().contains(", needed "), e.getMessage());
    }
}
