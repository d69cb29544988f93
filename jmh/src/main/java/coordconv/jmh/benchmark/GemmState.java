package coordconv.jmh.benchmark;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedWeights;
import coordconv.verification.problem.Inputs;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A matrix product: a 1x1 convolution of one image of one row, where no patches are to be formed. */
@State(Scope.Benchmark)
public class GemmState {
    /** M x N x K. */
    @Param({"64x1024x576", "512x1444x2304", "512x361x1024", "256x3136x64", "32x65536x32"})
    public String size;

    Conv2dPlan plan;
    FloatRegion b;
    FloatRegion c;
    PackedWeights packed;

    /**
     * The sizes of a parameter.
     *
     * @param size M x N x K
     * @return the convolution that is this product
     */
    static ConvGeometry geometry(String size) {
        String[] mnk = size.split("x");
        return ConvGeometry.builder().input(1, Integer.parseInt(mnk[2]), 1, Integer.parseInt(mnk[1]))
                .outChannels(Integer.parseInt(mnk[0])).kernel(1, 1).coords(CoordPreset.NONE).build();
    }

    /** Makes the plan and the data. */
    @Setup
    public void prepare() {
        ConvGeometry g = geometry(size);
        plan = Conv2dPlan.of(g);
        packed = plan.pack(FloatRegion.of(Inputs.uniform(1, g.weightLength())), null);
        b = FloatRegion.of(Inputs.uniform(2, g.inputLength()));
        c = FloatRegion.of(new float[g.outputLength()]);
    }
}
