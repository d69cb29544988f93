package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.algorithm.Algorithm;
import coordconv.kernels.internal.algorithm.CoordTable;
import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.direct.DirectConvolution;
import coordconv.kernels.internal.direct.DirectWeightGradient;
import coordconv.kernels.internal.im2col.ImplicitGemm;
import coordconv.kernels.internal.im2col.WeightGradientGemm;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.pixels.DepthwiseConvolution;
import coordconv.kernels.internal.pixels.PixelConvolution;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.winograd.WinogradConvolution;
import coordconv.kernels.internal.winograd.WinogradCost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Chooses the algorithm of every correlation of a pass by its shape. */
final class AlgorithmSelector {
    private final Machine machine;
    private final AlgorithmRequest request;
    private final boolean add;

    AlgorithmSelector(Machine machine, AlgorithmRequest request, boolean add) {
        this.machine = machine;
        this.request = request;
        this.add = add;
    }

    /**
     * The choice for a pass.
     *
     * @param correlations disjoint in their results
     * @param activation of the results
     * @param alpha its parameter
     * @return algorithms that compute all of them
     */
    List<Algorithm> select(List<Correlation> correlations, Activation activation, float alpha) {
        List<Algorithm> chosen = new ArrayList<>();
        int packedAt = 0;
        int alignedAt = 0;
        int tableAt = 0;
        for (List<Correlation> groups : byGrid(correlations)) {
            if (direct(groups) && DepthwiseConvolution.serves(groups, machine)) {
                packedAt = choose(new DepthwiseConvolution(groups, machine, activation, alpha, add, packedAt), chosen, packedAt);
                continue;
            }
            if (direct(groups)) {
                packedAt = choose(new DirectConvolution(groups, machine, activation, alpha, add, packedAt), chosen, packedAt);
                continue;
            }
            for (Correlation group : groups) {
                if (group.output().rows() > 0) {
                    packedAt = choose(of(group, activation, alpha, packedAt, alignedAt, tableAt), chosen, packedAt);
                    alignedAt = Math.addExact(alignedAt, chosen.getLast().alignedLength());
                    CoordTable table = chosen.getLast().coordTable();
                    tableAt = Math.addExact(tableAt, table == null ? 0 : table.length());
                }
            }
        }
        return chosen;
    }

    private static int choose(Algorithm algorithm, List<Algorithm> chosen, int packedAt) {
        chosen.add(algorithm);
        return Math.addExact(packedAt, algorithm.packedLength());
    }

    private Algorithm of(Correlation correlation, Activation activation, float alpha, int packedAt, int alignedAt, int tableAt) {
        if (correlation.depth() == 0) {
            return new BiasFill(correlation, activation, alpha, add);
        }
        boolean closedForm = coordsInClosedForm(correlation);
        boolean pixels = inPixels(correlation);
        int tile = winogradTile(closedForm ? correlation.withoutCoords() : correlation, pixels);
        if (tile == 0 && pixels) {
            CoordTable table = correlation.channels().coordCount() == 0 ? null
                    : CoordTable.byPixels(correlation, PixelConvolution.panelWidth(machine.kernels()), tableAt);
            return new PixelConvolution(correlation, machine, activation, alpha, add, alignedAt, table);
        }
        if (tile == 0) {
            CoordTable table = closedForm ? new CoordTable(correlation, machine.kernels().nr(), tableAt) : null;
            return new ImplicitGemm(correlation, machine, activation, alpha, add, packedAt, table);
        }
        CoordTable table = closedForm ? CoordTable.byRows(correlation, tableAt) : null;
        return new WinogradConvolution(correlation, tile, machine, activation, alpha, add, packedAt, table);
    }

    private boolean inPixels(Correlation correlation) {
        Correlation.Channels channels = correlation.channels();
        if (request == AlgorithmRequest.IM2COL || channels.features() == 0
                || !PixelConvolution.serves(correlation.withoutCoords(), machine)) {
            return false;
        }
        return channels.coordCount() == 0 || !add && CoordTable.serves(correlation)
                && (long) correlation.output().rows() * CoordTable.columns(correlation) <= machine.tuning().maxCoordTable();
    }

    private boolean direct(List<Correlation> groups) {
        return switch (request) {
            case AUTO, FAST, DEPTHWISE -> DirectConvolution.serves(groups);
            case IM2COL, WINOGRAD2, WINOGRAD4 -> false;
        };
    }

    /** {@return outputs of a side of a tile, or 0 for no minimal filtering} */
    private int winogradTile(Correlation correlation, boolean pixels) {
        if (!WinogradConvolution.serves(correlation)) {
            return 0;
        }
        return switch (request) {
            case AUTO, IM2COL, DEPTHWISE -> 0;
            case FAST -> WinogradCost.fastestTile(correlation, pixels, machine);
            case WINOGRAD2 -> 2;
            case WINOGRAD4 -> 4;
        };
    }

    /** {@return why no minimal filtering was chosen where it was allowed, or nothing} */
    String whyNotWinograd(List<Correlation> correlations) {
        if (request != AlgorithmRequest.FAST || correlations.isEmpty()) {
            return "";
        }
        Correlation first = correlations.getFirst();
        if (!WinogradConvolution.serves(first)) {
            return ", no Winograd: not 3x3 of stride 1";
        }
        if (direct(correlations)) {
            return ", no Winograd: groups of few channels";
        }
        return winogradTile(coordsInClosedForm(first) ? first.withoutCoords() : first, inPixels(first)) == 0
                ? ", no Winograd: estimated slower" : "";
    }

    /** Groups that differ in their channels alone: those of a forward pass, or of one pair of stride phases. */
    private static List<List<Correlation>> byGrid(List<Correlation> correlations) {
        Map<Integer, List<Correlation>> sets = new LinkedHashMap<>();
        for (Correlation correlation : correlations) {
            int phase = correlation.output().base() - correlation.biasAt() * correlation.output().rowStride();
            sets.computeIfAbsent(phase, unseen -> new ArrayList<>()).add(correlation);
        }
        return List.copyOf(sets.values());
    }

    /**
     * The choice for a gradient to the weights.
     *
     * @param groups the forward correlations
     * @param image where the output gradient lies
     * @param rows its channels of each group
     * @return works that compute all of it
     */
    List<Work> backwardWeights(List<Correlation> groups, Correlation.Image image, List<Correlation.Channels> rows) {
        boolean noCoords = rows.stream().allMatch(channels -> channels.coordCount() == 0);
        if (noCoords && direct(groups)) {
            return List.of(new DirectWeightGradient(groups, image, rows, machine, add));
        }
        List<Work> works = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            works.add(new WeightGradientGemm(groups.get(g), image, rows.get(g), machine, add,
                    coordSumsPay(groups.get(g)) && coordsInClosedForm(groups.get(g))));
        }
        return works;
    }

    /** Whether all images share the coordinates, and the column sums of a row of outputs stay in the first-level cache. */
    private boolean coordSumsPay(Correlation correlation) {
        long columnSums = (long) Float.BYTES * correlation.grid().width() * machine.kernels().nr();
        return correlation.channels().coordsAreShared() && columnSums <= machine.caches().l1();
    }

    private boolean coordsInClosedForm(Correlation correlation) {
        int features = correlation.channels().features();
        if (!CoordTable.serves(correlation) || features == 0 || features > machine.tuning().maxFeaturesClosedForm()) {
            return false;
        }
        // A 1x1 kernel adds two multiply-adds to an output, which cost less than to read an element of a table.
        long columns = (long) CoordTable.columns(correlation) + machine.kernels().nr();
        return correlation.grid().taps() > 1 && correlation.output().rows() * columns <= machine.tuning().maxCoordTable();
    }
}
