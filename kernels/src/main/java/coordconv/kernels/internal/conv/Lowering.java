package coordconv.kernels.internal.conv;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.internal.conv.Correlation.Channels;
import coordconv.kernels.internal.conv.Correlation.Grid;
import coordconv.kernels.internal.conv.Correlation.Image;
import coordconv.kernels.internal.conv.Correlation.Output;
import coordconv.kernels.internal.conv.Correlation.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Expresses convolutions and their gradients as correlations. */
public final class Lowering {
    private final ConvGeometry g;
    private final Channels[] inputGroups;
    private final Channels[] outputGroups;
    private final Image input;
    private final Image output;
    private final int taps;

    /**
     * A lowering.
     *
     * @param geometry the convolution; for a transposed one the convolution it is the adjoint of
     * @param outputCoords coordinates among the O output channels: those of a transposed convolution
     */
    public Lowering(ConvGeometry geometry, CoordChannels outputCoords) {
        g = geometry;
        int features = g.outChannels() - outputCoords.count();
        input = Image.of(g.inputLayout(), g.batch(), g.channels(), g.height(), g.width());
        output = Image.of(g.outputLayout(), g.batch(), features, g.outHeight(), g.outWidth());
        inputGroups = groups(g.channels(), g.coords());
        outputGroups = groups(features, outputCoords);
        taps = g.kernelHeight() * g.kernelWidth();
    }

    private Channels[] groups(int features, CoordChannels coords) {
        boolean first = coords.placement() == Placement.BEFORE;
        int each = (features + coords.count()) / g.groups();
        int firstFeature = first ? coords.count() : 0;
        int firstCoord = first ? 0 : features;
        Channels[] groups = new Channels[g.groups()];
        for (int i = 0; i < groups.length; i++) {
            int f0 = overlapStart(i * each, firstFeature, features);
            int f1 = overlapStart((i + 1) * each, firstFeature, features);
            int c0 = overlapStart(i * each, firstCoord, coords.count());
            int c1 = overlapStart((i + 1) * each, firstCoord, coords.count());
            groups[i] = new Channels(f1 - f0, f0, coords, c1 - c0, c0, first);
        }
        return groups;
    }

    private static int overlapStart(int joined, int first, int count) {
        return Math.clamp(joined - (long) first, 0, count);
    }

    /** {@return where the input of the convolution lies} */
    public Image input() {
        return input;
    }

    /** {@return where the output of the convolution lies} */
    public Image output() {
        return output;
    }

    /** {@return what the output channels of a group are} */
    public Channels outputChannels(int group) {
        return outputGroups[group];
    }

    /**
     * The forward convolution of one group, restricted to the output channels that are features.
     *
     * @param group index of the group
     * @return the correlation; its output has no rows where the group has no such channel
     */
    public Correlation forward(int group) {
        return correlation(group, outputGroups[group].coordsFirst() ? outputGroups[group].coordCount() : 0);
    }

    /**
     * The correlation whose weights the gradient goes to: as {@link #forward}, with the weights of every
     * output channel, coordinates included.
     *
     * @param group index of the group
     * @return the correlation
     */
    public Correlation weightGradient(int group) {
        return correlation(group, 0);
    }

    private Correlation correlation(int group, int skippedRows) {
        Channels rows = outputGroups[group];
        int[] tapRow = new int[taps];
        int[] tapColumn = new int[taps];
        for (int t = 0; t < taps; t++) {
            tapRow[t] = t / g.kernelWidth() * g.dilationHeight() - g.padTop();
            tapColumn[t] = t % g.kernelWidth() * g.dilationWidth() - g.padLeft();
        }
        int[] tapAt = new int[taps];
        Arrays.setAll(tapAt, t -> t);
        int depth = inputGroups[group].total() * taps;
        int firstRow = group * rows.total() + skippedRows;
        return new Correlation(input, inputGroups[group],
                new Grid(g.outHeight(), g.outWidth(), g.strideHeight(), g.strideWidth(), tapRow, tapColumn),
                new Output(rows.features(), rows.firstFeature() * output.channelStride(), output.batchStride(),
                        output.channelStride(), output.rowStride(), output.columnStride()),
                new Weights(firstRow * depth, depth, taps, tapAt), rows.firstFeature());
    }

    /**
     * The gradient to the features of one group, a correlation of the output's gradient for each pair of
     * stride phases. Input row {@code h = phase + strideH * i} meets tap kh at output row
     * {@code (h + padTop - kh * dilationH) / strideH}, where that is whole.
     *
     * @param group index of the group
     * @return the correlations; one without taps leaves its pixels zero
     */
    public List<Correlation> inputGradient(int group) {
        Channels rows = inputGroups[group];
        List<Correlation> phases = new ArrayList<>();
        for (int ph = 0; ph < Math.min(g.strideHeight(), g.height()); ph++) {
            for (int pw = 0; pw < Math.min(g.strideWidth(), g.width()); pw++) {
                if (rows.features() > 0) {
                    phases.add(inputGradientPhase(group, rows, ph, pw));
                }
            }
        }
        return phases;
    }

    private Correlation inputGradientPhase(int group, Channels rows, int ph, int pw) {
        int[] kept = new int[taps];
        int count = 0;
        for (int t = 0; t < taps; t++) {
            if (rowOffset(ph, t) % g.strideHeight() == 0 && columnOffset(pw, t) % g.strideWidth() == 0) {
                kept[count++] = t;
            }
        }
        int[] tapRow = new int[count];
        int[] tapColumn = new int[count];
        for (int i = 0; i < count; i++) {
            tapRow[i] = rowOffset(ph, kept[i]) / g.strideHeight();
            tapColumn[i] = columnOffset(pw, kept[i]) / g.strideWidth();
        }
        Channels sum = outputGroups[group];
        int depth = rows.total() * taps;
        int firstColumn = rows.coordsFirst() ? rows.coordCount() : 0;
        return new Correlation(output, sum,
                new Grid((g.height() - ph + g.strideHeight() - 1) / g.strideHeight(),
                        (g.width() - pw + g.strideWidth() - 1) / g.strideWidth(), 1, 1, tapRow, tapColumn),
                new Output(rows.features(),
                        rows.firstFeature() * input.channelStride() + ph * input.rowStride() + pw * input.columnStride(),
                        input.batchStride(), input.channelStride(),
                        g.strideHeight() * input.rowStride(), g.strideWidth() * input.columnStride()),
                new Weights(group * sum.total() * depth + firstColumn * taps, taps, depth, Arrays.copyOf(kept, count)),
                rows.firstFeature());
    }

    private int rowOffset(int phase, int tap) {
        return phase + g.padTop() - tap / g.kernelWidth() * g.dilationHeight();
    }

    private int columnOffset(int phase, int tap) {
        return phase + g.padLeft() - tap % g.kernelWidth() * g.dilationWidth();
    }
}
