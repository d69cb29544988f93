package coordconv.kernels.internal.shape;

import coordconv.kernels.internal.coords.Coords;
import coordconv.kernels.internal.shape.Correlation.Channels;
import coordconv.kernels.internal.shape.Correlation.Grid;
import coordconv.kernels.internal.shape.Correlation.Image;
import coordconv.kernels.internal.shape.Correlation.Output;
import coordconv.kernels.internal.shape.Correlation.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Expresses convolutions and their gradients as correlations. */
public final class Lowering {
    private final ConvShape shape;
    private final Axis rows;
    private final Axis columns;
    private final Channels[] inputGroups;
    private final Channels[] outputGroups;
    private final Image input;
    private final Image output;
    private final int taps;

    /**
     * A lowering.
     *
     * @param shape the convolution; for a transposed one the convolution it is the adjoint of
     */
    public Lowering(ConvShape shape) {
        this.shape = shape;
        rows = shape.rows();
        columns = shape.columns();
        input = Image.of(shape.inputPitch(), shape.batch(), shape.channels(), rows.size(), columns.size());
        output = Image.of(shape.outputPitch(), shape.batch(), shape.outputFeatures(), rows.outSize(), columns.outSize());
        inputGroups = groups(shape.channels(), shape.inputCoords());
        outputGroups = groups(shape.outputFeatures(), shape.outputCoords());
        taps = shape.taps();
    }

    private Channels[] groups(int features, Coords coords) {
        boolean first = coords.beforeFeatures();
        int each = (features + coords.count()) / shape.groups();
        int firstFeature = first ? coords.count() : 0;
        int firstCoord = first ? 0 : features;
        Channels[] groups = new Channels[shape.groups()];
        for (int i = 0; i < groups.length; i++) {
            int f0 = overlapStart(i * each, firstFeature, features);
            int f1 = overlapStart((i + 1) * each, firstFeature, features);
            int c0 = overlapStart(i * each, firstCoord, coords.count());
            int c1 = overlapStart((i + 1) * each, firstCoord, coords.count());
            groups[i] = new Channels(f1 - f0, f0, coords, c1 - c0, c0);
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
    public Correlation backwardWeights(int group) {
        return correlation(group, 0);
    }

    private Correlation correlation(int group, int skippedRows) {
        Channels produced = outputGroups[group];
        int[] tapRow = new int[taps];
        int[] tapColumn = new int[taps];
        for (int t = 0; t < taps; t++) {
            tapRow[t] = rows.tapOffset(t / columns.kernel());
            tapColumn[t] = columns.tapOffset(t % columns.kernel());
        }
        int[] tapAt = new int[taps];
        Arrays.setAll(tapAt, t -> t);
        int depth = inputGroups[group].total() * taps;
        int firstWeightRow = group * produced.total() + skippedRows;
        return new Correlation(input, inputGroups[group],
                new Grid(rows.outSize(), columns.outSize(), rows.stride(), columns.stride(), tapRow, tapColumn),
                new Output(produced.features(), produced.firstFeature() * output.channelStride(), output.batchStride(),
                        output.channelStride(), output.rowStride(), output.columnStride()),
                new Weights(firstWeightRow * depth, depth, taps, tapAt), produced.firstFeature());
    }

    /**
     * The gradient to the features of one group, a correlation of the output's gradient for each pair of
     * stride phases. Input row {@code h = phase + strideH * i} meets tap kh at output row
     * {@code (h + padTop - kh * dilationH) / strideH}, where that is whole.
     *
     * @param group index of the group
     * @return the correlations; one without taps leaves its pixels zero
     */
    public List<Correlation> backwardData(int group) {
        Channels produced = inputGroups[group];
        List<Correlation> phases = new ArrayList<>();
        for (int ph = 0; ph < Math.min(rows.stride(), rows.size()); ph++) {
            for (int pw = 0; pw < Math.min(columns.stride(), columns.size()); pw++) {
                if (produced.features() > 0) {
                    phases.add(backwardDataPhase(group, produced, ph, pw));
                }
            }
        }
        return phases;
    }

    private Correlation backwardDataPhase(int group, Channels produced, int ph, int pw) {
        int[] kept = new int[taps];
        int count = 0;
        for (int t = 0; t < taps; t++) {
            if (rowDistance(ph, t) % rows.stride() == 0 && columnDistance(pw, t) % columns.stride() == 0) {
                kept[count++] = t;
            }
        }
        int[] tapRow = new int[count];
        int[] tapColumn = new int[count];
        for (int i = 0; i < count; i++) {
            tapRow[i] = rowDistance(ph, kept[i]) / rows.stride();
            tapColumn[i] = columnDistance(pw, kept[i]) / columns.stride();
        }
        Channels sum = outputGroups[group];
        int depth = produced.total() * taps;
        int firstColumn = produced.coordsFirst() ? produced.coordCount() : 0;
        return new Correlation(output, sum,
                new Grid((rows.size() - ph + rows.stride() - 1) / rows.stride(),
                        (columns.size() - pw + columns.stride() - 1) / columns.stride(), 1, 1, tapRow, tapColumn),
                new Output(produced.features(),
                        produced.firstFeature() * input.channelStride() + ph * input.rowStride() + pw * input.columnStride(),
                        input.batchStride(), input.channelStride(),
                        rows.stride() * input.rowStride(), columns.stride() * input.columnStride()),
                new Weights(group * sum.total() * depth + firstColumn * taps, taps, depth, Arrays.copyOf(kept, count)),
                produced.firstFeature());
    }

    private int rowDistance(int phase, int tap) {
        return phase - rows.tapOffset(tap / columns.kernel());
    }

    private int columnDistance(int phase, int tap) {
        return phase - columns.tapOffset(tap % columns.kernel());
    }
}
