package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.layers.networks.ExampleNetworks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSummaryTest {
    private static ModelSummary summary(String network) {
        return ModelSummary.of(ExampleNetworks.named(network), ExampleNetworks.INPUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dcn2", "MyNet"})
    void tablesAreTheGoldenOnes(String network) throws IOException {
        try (InputStream golden = ModelSummaryTest.class.getResourceAsStream("networks/" + network + ".txt")) {
            assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), summary(network).table());
        }
    }

    @ParameterizedTest
    @CsvSource({"dcn2, 160065, 0.75, 26.09, 0.61, 27.45", "MyNet, 158913, 0.75, 25.59, 0.61, 26.95"})
    void figuresAreTheArticles(String network, long parameters, String input, String pass, String params, String total) {
        ModelSummary summary = summary(network);
        assertEquals(parameters, summary.totalParameters());
        assertEquals(parameters, summary.trainableParameters());
        assertEquals(input, "%.2f".formatted(summary.inputMegabytes()));
        assertEquals(pass, "%.2f".formatted(summary.passMegabytes()));
        assertEquals(params, "%.2f".formatted(summary.parameterMegabytes()));
        assertEquals(total, "%.2f".formatted(summary.totalMegabytes()));
    }

    @Test
    void frozenParametersAreCountedApart() {
        Sequential network = ExampleNetworks.dcn2();
        network.parameters().get("conv4.conv.weight").trainable(false);
        ModelSummary summary = ModelSummary.of(network, ExampleNetworks.INPUT);
        assertEquals(160_065, summary.totalParameters());
        assertEquals(160_065 - 64 * 66 * 9, summary.trainableParameters());
    }

    @Test
    void declaredLayersAreStateAndNothingElse() {
        Sequential network = ExampleNetworks.dcn2();
        assertEquals(18 * 64 * 9, network.state().get("offsets.weight").shape().elements());
        assertEquals(9, network.state().get("mask.bias").shape().elements());
        assertEquals(12, network.parameters().size());
        assertEquals(16, network.state().size());
    }
}
