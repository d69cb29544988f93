package coordconv.cli;

import coordconv.layers.LayerRow;
import coordconv.layers.ModelSummary;
import coordconv.layers.networks.ExampleNetworks;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code coordconv summary}: the table of an example network. */
@Command(name = "summary", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Prints the layers, shapes, parameters and megabytes of an example network.")
final class SummaryCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NETWORK", description = "dcn2 (with a CoordConv) or MyNet (without).")
    private String network;
    @Mixin
    private Output output;

    /**
     * The table in JSON; megabytes are rounded to two decimals, as the table prints them.
     *
     * @param network name
     * @param layers one for each row
     * @param totalParams all parameters
     * @param trainableParams those that are trained
     * @param nonTrainableParams the others
     * @param inputMb megabytes of the input
     * @param forwardBackwardMb megabytes of all outputs and their gradients
     * @param paramsMb megabytes of the parameters
     * @param totalMb all megabytes
     */
    record Summary(String network, List<Row> layers, long totalParams, long trainableParams, long nonTrainableParams,
            double inputMb, double forwardBackwardMb, double paramsMb, double totalMb) {
        static Summary of(String network, ModelSummary summary) {
            return new Summary(network, summary.rows().stream().map(Row::of).toList(), summary.totalParameters(),
                    summary.trainableParameters(), summary.totalParameters() - summary.trainableParameters(),
                    rounded(summary.inputMegabytes()), rounded(summary.passMegabytes()),
                    rounded(summary.parameterMegabytes()), rounded(summary.totalMegabytes()));
        }

        private static double rounded(double megabytes) {
            return Math.round(100 * megabytes) / 100.0;
        }
    }

    /**
     * One layer.
     *
     * @param name dotted path
     * @param type kind of layer
     * @param inputShape what it takes
     * @param outputShape what it gives
     * @param params its parameters
     */
    record Row(String name, String type, int[] inputShape, int[] outputShape, long params) {
        static Row of(LayerRow row) {
            return new Row(row.name(), row.type(), row.input().toArray(), row.output().toArray(), row.parameters());
        }
    }

    @Override
    public Integer call() {
        ModelSummary summary;
        try {
            summary = ModelSummary.of(ExampleNetworks.named(network), ExampleNetworks.INPUT);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(e.getMessage(), e);
        }
        output.report().print(summary.table());
        output.report().flush();
        output.object(Summary.of(network, summary));
        return 0;
    }
}
