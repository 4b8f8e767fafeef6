// Reads {"style", "json"} a line; writes the JSON as Gson and Jackson write it, in base64, a line.
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

public class Serialise {
  public static void main(String[] arguments) throws Exception {
    ObjectMapper jackson = new ObjectMapper();
    ObjectMapper ascii = new ObjectMapper();
    ascii.getFactory().configure(JsonGenerator.Feature.ESCAPE_NON_ASCII, true);
    Gson plain = new GsonBuilder().serializeNulls().create();
    Gson unescaped = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    Gson pretty = new GsonBuilder().serializeNulls().setPrettyPrinting().create();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = lines.readLine()) != null; ) {
      JsonObject job = JsonParser.parseString(line).getAsJsonObject();
      String json = job.get("json").getAsString();
      JsonElement value = JsonParser.parseString(json);
      String text;
      switch (job.get("style").getAsString()) {
        case "gson": text = plain.toJson(value); break;
        case "gson_unescaped": text = unescaped.toJson(value); break;
        case "gson_pretty": text = pretty.toJson(value); break;
        case "jackson": text = jackson.writeValueAsString(jackson.readTree(json)); break;
        case "jackson_ascii": text = ascii.writeValueAsString(ascii.readTree(json)); break;
        default:
          text = jackson.writerWithDefaultPrettyPrinter().writeValueAsString(jackson.readTree(json));
      }
      System.out.println(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
