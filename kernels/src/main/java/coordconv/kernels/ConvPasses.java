package coordconv.kernels;

import coordconv.kernels.internal.conv.ChannelSums;
import coordconv.kernels.internal.conv.Correlation;
import coordconv.kernels.internal.conv.ForwardPass;
import coordconv.kernels.internal.conv.Lowering;
import coordconv.kernels.internal.conv.WeightGradientPass;
import coordconv.kernels.internal.gemm.CacheSizes;
import coordconv.kernels.internal.gemm.KernelSet;
import java.util.ArrayList;
import java.util.List;

/**
 * The three passes over one geometry, shared by a convolution and its transpose: along the convolution,
 * against it, and to the weights. Each is planned when it is first used.
 */
final class ConvPasses {
    private final ConvGeometry geometry;
    private final CoordChannels outputCoords;
    private final PlanOptions options;
    /** Whether the forward pass of the plan runs against the convolution. */
    private final boolean transposed;
    private final KernelSet kernels;
    private final Lowering lowering;
    private final ChannelSums sums;
    private volatile ForwardPass along;
    private volatile ForwardPass against;
    private volatile WeightGradientPass toWeights;

    private ConvPasses(ConvGeometry geometry, CoordChannels outputCoords, PlanOptions options, boolean transposed) {
        this.geometry = geometry;
        this.outputCoords = outputCoords;
        this.options = options;
        this.transposed = transposed;
        kernels = KernelInfo.kernelsOfPlan(options.width());
        lowering = new Lowering(geometry, outputCoords);
        sums = transposed ? new ChannelSums(lowering.input(), geometry.channels(), kernels, options.accumulate())
                : new ChannelSums(lowering.output(), geometry.outChannels(), kernels, options.accumulate());
    }

    static ConvPasses ofConvolution(ConvGeometry geometry, PlanOptions options) {
        return new ConvPasses(geometry, CoordChannels.NONE, options, false);
    }

    static ConvPasses ofTransposed(ConvGeometry adjoint, CoordChannels coords, PlanOptions options) {
        return new ConvPasses(adjoint, coords, options, true);
    }

    /** The correlations of the groups. */
    ForwardPass along() {
        ForwardPass pass = along;
        if (pass == null) {
            List<Correlation> groups = new ArrayList<>();
            for (int group = 0; group < geometry.groups(); group++) {
                groups.add(lowering.forward(group));
            }
            pass = pass(groups, !transposed);
            along = pass;
        }
        return pass;
    }

    /** The correlations of the groups and stride phases that run the convolution backwards. */
    ForwardPass against() {
        ForwardPass pass = against;
        if (pass == null) {
            List<Correlation> phases = new ArrayList<>();
            for (int group = 0; group < geometry.groups(); group++) {
                phases.addAll(lowering.inputGradient(group));
            }
            pass = pass(phases, transposed);
            against = pass;
        }
        return pass;
    }

    private ForwardPass pass(List<Correlation> correlations, boolean activated) {
        try {
            ForwardPass pass = new ForwardPass(correlations, kernels, CacheSizes.CURRENT,
                    activated ? options.activation().negativeSlope() : 1, options.accumulate());
            pass.workspaceBytes();
            return pass;
        } catch (ArithmeticException overflow) {
            throw scratchTooLarge();
        }
    }

    WeightGradientPass toWeights() {
        WeightGradientPass pass = toWeights;
        if (pass == null) {
            try {
                pass = new WeightGradientPass(lowering, geometry.groups(), kernels, CacheSizes.CURRENT, options.accumulate());
                pass.workspaceBytes();
            } catch (ArithmeticException overflow) {
                throw scratchTooLarge();
            }
            toWeights = pass;
        }
        return pass;
    }

    private IllegalArgumentException scratchTooLarge() {
        return Arguments.refuse("geometry", geometry, "one whose scratch, the reach of the dilated kernel by a row of it, "
                + "stays below 2^31 floats");
    }

    KernelSet kernels() {
        return kernels;
    }

    int outputFeatures() {
        return geometry.outChannels() - outputCoords.count();
    }

    /** The gradient to the bias of the plan. */
    ChannelSums toBias() {
        return sums;
    }
}
